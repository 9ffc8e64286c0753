# Run by `sam build`, in the project's folder, once for each function with this BuildMethod.
.PHONY: build-ApiFunction build-Rehearsal build-Predictor build-Summary
build-ApiFunction build-Rehearsal build-Predictor build-Summary:
	@version=$$(sh lambda_package/python-version.sh); \
	python=$$(sh requirements/find-python.sh "$$version") || { \
	  echo "The package needs Python $$version, the Lambda's own: install it, or put it on the PATH." >&2; \
	  exit 1; }; \
	PYTHON="$$python" sh requirements/install.sh .venv-package package && \
	.venv-package/bin/python -m lambda_package $(@:build-%=%) $(architecture) "$(ARTIFACTS_DIR)"

# Run by `sam build`, in the project's folder, once for each function with this BuildMethod.
.PHONY: build-ApiFunction
build-ApiFunction:
	@python=$$(sh requirements/find-python.sh 3.13) || { \
	  echo "The package needs Python 3.13, the Lambda's own: install it, or put it on the PATH." >&2; \
	  exit 1; }; \
	"$$python" -m lambda_package $(@:build-%=%) $(architecture) "$(ARTIFACTS_DIR)"

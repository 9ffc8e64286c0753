"""CloudFront, played by a server of ours: the template's distribution in front of page and API."""

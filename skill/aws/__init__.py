"""The skill on AWS Lambda."""

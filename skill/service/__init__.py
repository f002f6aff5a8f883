"""The verified web service."""

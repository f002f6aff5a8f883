"""An article's content: YAML folder in, checked `Article` out."""

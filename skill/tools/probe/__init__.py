"""Amazon's certification checks, played against an endpoint."""

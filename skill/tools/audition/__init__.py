"""Questions spoken in many voices and noises."""

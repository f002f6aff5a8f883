"""Makes the acoustic model for noise: python -m bench.acoustic"""

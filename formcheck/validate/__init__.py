"""How right the numbers are: clips with known truth, analysed and compared."""

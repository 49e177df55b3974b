"""What stands where on a picture, in words and numbers; bot/charts.py is the pen."""

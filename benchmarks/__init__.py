"""What servstd is measured by: real data, speed."""

"""The pages. Flask lives here and almost nowhere else."""

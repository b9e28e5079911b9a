"""The learners area, which is everybody's."""

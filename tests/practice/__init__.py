"""Tests of practice Credly, over real loopback HTTP."""

"""Being written."""


def run_demo(env, instance):
    raise NotImplementedError

def twice(x):
    y = x.clone().requires_grad_()
    (y * y).sum().backward()
    return y.grad


def plus(a, b):
    return a + b

# The words of make.py, for hands that are used to make; further words: make test ARGS="tests/test_plan.py"
.PHONY: run test check bench
run test check bench:
	@python3 make.py $@ $(ARGS)

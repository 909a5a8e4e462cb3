package dev.lepton.registry.simulation.promise;

/** What was promised did not hold. */
public final class BrokenPromise extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BrokenPromise(String promise, String what) {
        super(promise + ": " + what);
    }
}

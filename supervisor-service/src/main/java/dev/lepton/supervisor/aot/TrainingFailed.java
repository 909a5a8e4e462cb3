package dev.lepton.supervisor.aot;

/** A training that left no cache; the services go on without. */
final class TrainingFailed extends Exception {

    private static final long serialVersionUID = 1L;

    TrainingFailed(String message) {
        super(message);
    }
}

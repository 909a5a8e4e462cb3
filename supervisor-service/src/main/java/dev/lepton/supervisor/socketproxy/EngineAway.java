package dev.lepton.supervisor.socketproxy;

/** The engine did not answer, or not as an engine does. */
final class EngineAway extends Exception {

    private static final long serialVersionUID = 1L;

    EngineAway(String message) {
        super(message);
    }
}

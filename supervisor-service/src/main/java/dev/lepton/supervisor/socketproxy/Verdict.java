package dev.lepton.supervisor.socketproxy;

/** What becomes of a request. */
sealed interface Verdict {

    /**
     * @param prefix the version of the API that the client asked for, {@code /v1.41}, or nothing
     */
    record Allowed(String prefix, EngineCall call) implements Verdict {}

    record Refused(String reason) implements Verdict {}
}

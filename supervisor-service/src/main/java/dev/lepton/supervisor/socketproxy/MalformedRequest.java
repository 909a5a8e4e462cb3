package dev.lepton.supervisor.socketproxy;

/** What was sent is no HTTP/1.1 request, or one that two readers could read differently. */
final class MalformedRequest extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedRequest(String message) {
        super(message);
    }
}

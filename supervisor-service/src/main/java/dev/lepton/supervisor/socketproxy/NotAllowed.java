package dev.lepton.supervisor.socketproxy;

/**
 * A call is not one of those that may be made, or is about a container that is not to be touched.
 */
final class NotAllowed extends Exception {

    private static final long serialVersionUID = 1L;

    NotAllowed(String message) {
        super(message);
    }
}

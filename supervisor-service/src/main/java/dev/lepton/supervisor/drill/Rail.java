package dev.lepton.supervisor.drill;

import com.fasterxml.jackson.annotation.JsonValue;

/** A condition without which no drill strikes, in the order in which they are told. */
public enum Rail {
    /** The unit runs as a process of this node. */
    PROCESS("process"),
    /** The unit is registered, so that others can take its load and its recovery is seen. */
    REGISTERED("registered"),
    /** No other drill is under way on this node. */
    ONE_AT_A_TIME("one-at-a-time"),
    /** The unit is up for its supervisor and for the registry. */
    UP("up"),
    /** The start that is meant holds the unit. */
    START("start"),
    /** Others may take over what the unit does. */
    NOT_EXCLUSIVE("not-exclusive"),
    /** No other unit is stopped because this one fails. */
    ONE_FOR_ONE("one-for-one"),
    /** The unit is started again after it, and once more after that. */
    RESTARTS_LEFT("restarts-left"),
    /** A registry says how the service is. */
    REGISTRY("registry"),
    /** There is another unit of the service, and all others are up. */
    OTHERS_UP("others-up"),
    /** The cap on silence holds no unit of the service back. */
    NOT_PRESERVING("not-preserving"),
    /** No incident of the service is open. */
    NO_OPEN_INCIDENT("no-open-incident"),
    /** The registry permits it; asked when it is to be done. */
    PERMIT("permit");

    private final String word;

    Rail(String word) {
        this.word = word;
    }

    @JsonValue
    public String word() {
        return word;
    }
}

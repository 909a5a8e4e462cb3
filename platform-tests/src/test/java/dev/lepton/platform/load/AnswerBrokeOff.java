package dev.lepton.platform.load;

import java.io.IOException;

/** An answer whose beginning had come, so that nobody could ask again. */
public final class AnswerBrokeOff extends IOException {

    private static final long serialVersionUID = 1L;

    AnswerBrokeOff(IOException cause) {
        super("the answer broke off: " + cause.getMessage(), cause);
    }
}

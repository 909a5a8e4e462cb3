package dev.lepton.gateway.cache;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** A copy of a body that is made while it passes; given up when it gets too large. */
final class Recording {

    private final ResponseCache cache;
    private final long maxBody;
    private final Consumer<Kept.Body> whole;
    private final ByteArrayOutputStream copy = new ByteArrayOutputStream();
    private int taken;
    private boolean givenUp;

    /**
     * @param whole gets the body when it has passed to its end
     */
    Recording(ResponseCache cache, long maxBody, Consumer<Kept.Body> whole) {
        this.cache = cache;
        this.maxBody = maxBody;
        this.whole = whole;
    }

    void add(ByteBuf part) {
        int more = part.readableBytes();
        if (givenUp) {
            return;
        }
        if (taken + (long) more > maxBody || !cache.takeRoom(more)) {
            end();
            return;
        }
        taken += more;
        byte[] bytes = new byte[more];
        part.getBytes(part.readerIndex(), bytes);
        copy.writeBytes(bytes);
    }

    void complete() {
        if (!givenUp) {
            whole.accept(new Kept.Body(copy.toByteArray()));
        }
    }

    /** Whether it is complete, has failed or was given up by the client. */
    void end() {
        givenUp = true;
        copy.reset();
        cache.giveRoomBack(taken);
        taken = 0;
    }
}

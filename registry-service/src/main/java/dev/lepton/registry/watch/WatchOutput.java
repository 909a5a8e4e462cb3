package dev.lepton.registry.watch;

import java.io.IOException;
import java.io.OutputStream;

/** One client's stream, plain or as gzip. */
final class WatchOutput {

    private final OutputStream out;
    private final boolean gzip;

    private WatchOutput(OutputStream out, boolean gzip) {
        this.out = out;
        this.gzip = gzip;
    }

    static WatchOutput plain(OutputStream out) {
        return new WatchOutput(out, false);
    }

    /** Writes the header of a gzip stream at once. */
    static WatchOutput gzip(OutputStream out) throws IOException {
        out.write(DeflatedBlocks.header());
        return new WatchOutput(out, true);
    }

    void list(EncodedList list) throws IOException {
        if (gzip) {
            out.write(list.deflated());
        } else {
            DeflatedBlocks.inflate(list.deflated(), out);
        }
    }

    void change(Frame frame) throws IOException {
        out.write(gzip ? frame.deflated() : frame.bytes());
    }

    /** A change that was read for this client alone. */
    void change(byte[] frame) throws IOException {
        out.write(gzip ? DeflatedBlocks.of(frame) : frame);
    }

    /** A bookmark, or the last word of a stream. */
    void word(byte[] frame) throws IOException {
        out.write(gzip ? DeflatedBlocks.stored(frame) : frame);
    }

    void flush() throws IOException {
        out.flush();
    }
}

package dev.lepton.client.watch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of one connection, which may come as a gzip stream (RFC 1952). Whatever has
 * arrived is read at once; the stream's trailer is not looked at, for a watch has no end.
 */
final class FrameReader implements AutoCloseable {

    private static final int HEADER_BYTES = 10;
    private static final int FLAGS_AT = 3;
    private static final byte[] MAGIC = {0x1f, (byte) 0x8b, 8, 0};
    private static final int BUFFER_BYTES = 32 << 10;

    private final SseParser parser;
    private final @Nullable Inflater inflater;
    private final byte[] buffer;
    private int headerBytes;

    /**
     * @param encoding the answer's {@code Content-Encoding}, empty for none
     * @throws IOException when it is one that was not asked for
     */
    FrameReader(String encoding, int longestFrameBytes) throws IOException {
        boolean gzip = encoding.equals("gzip");
        if (!gzip && !encoding.isEmpty() && !encoding.equals("identity")) {
            throw new IOException("its encoding '" + encoding + "' is not gzip");
        }
        this.parser = new SseParser(longestFrameBytes);
        this.inflater = gzip ? new Inflater(true) : null;
        this.buffer = new byte[gzip ? BUFFER_BYTES : 0];
    }

    /** The frames that are complete with these bytes. */
    List<SseParser.Frame> feed(ByteBuffer bytes) throws IOException {
        Inflater open = inflater;
        if (open == null) {
            return parser.feed(bytes);
        }
        skipHeader(bytes);
        List<SseParser.Frame> frames = new ArrayList<>();
        open.setInput(bytes);
        try {
            for (int n = open.inflate(buffer); n > 0; n = open.inflate(buffer)) {
                frames.addAll(parser.feed(ByteBuffer.wrap(buffer, 0, n)));
            }
        } catch (DataFormatException e) {
            throw new IOException("its gzip stream is broken: " + e.getMessage(), e);
        }
        return frames;
    }

    private void skipHeader(ByteBuffer bytes) throws IOException {
        while (headerBytes < HEADER_BYTES && bytes.hasRemaining()) {
            byte next = bytes.get();
            if (headerBytes <= FLAGS_AT && next != MAGIC[headerBytes]) {
                throw new IOException("its gzip stream does not begin as one without a name");
            }
            headerBytes++;
        }
    }

    @Override
    public void close() {
        if (inflater != null) {
            inflater.end();
        }
    }
}

package dev.lepton.gateway;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client that sends exactly the HTTP/2 frames it is told to, over a connection without TLS. */
final class RawHttp2Client implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int GOAWAY = 7;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int ENHANCE_YOUR_CALM = 11;

    /** RFC 7541 appendix A: the status lines a response can begin with. */
    private static final int INDEXED_STATUS_200 = 0x88;

    private static final int INDEXED_STATUS_400 = 0x8c;
    private static final int FRAME_HEAD = 9;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    record Frame(int type, int flags, int stream, byte[] payload) {

        /** Of a response's headers, as far as it is one of the two; else 0. */
        int status() {
            return switch (payload[0] & 0xff) {
                case INDEXED_STATUS_200 -> 200;
                case INDEXED_STATUS_400 -> 400;
                default -> 0;
            };
        }

        /** Of the end of a stream or connection. */
        int error() {
            return payload[payload.length == Integer.BYTES ? 3 : 7] & 0xff;
        }
    }

    RawHttp2Client(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.write(frame(SETTINGS, 0, 0, new byte[0]));
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(FRAME_HEAD + payload.length);
        for (int shift = 16; shift >= 0; shift -= 8) {
            frame.write(payload.length >> shift);
        }
        frame.write(type);
        frame.write(flags);
        for (int shift = 24; shift >= 0; shift -= 8) {
            frame.write(stream >> shift);
        }
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    /** Names and values in turn, each as a literal that is not indexed (RFC 7541 6.2.2). */
    static byte[] headers(String... namesAndValues) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            block.write(0);
            for (String text : new String[] {namesAndValues[i], namesAndValues[i + 1]}) {
                byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
                if (bytes.length > 126) {
                    throw new IllegalArgumentException("longer than a test needs: " + text);
                }
                block.write(bytes.length);
                block.writeBytes(bytes);
            }
        }
        return block.toByteArray();
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        send(frame(type, flags, stream, payload));
    }

    /** The next frame of a kind; null when the connection ended before it. */
    @Nullable Frame next(Predicate<Frame> wanted) throws IOException {
        try {
            while (true) {
                byte[] head = new byte[FRAME_HEAD];
                in.readFully(head);
                int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
                byte[] payload = new byte[length];
                in.readFully(payload);
                Frame frame = new Frame(head[3], head[4], head[8] & 0xff, payload);
                if (wanted.test(frame)) {
                    return frame;
                }
            }
        } catch (EOFException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

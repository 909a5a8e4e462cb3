package dev.lepton.gateway;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client that sends exactly the HTTP/2 frames it is told to. */
final class RawHttp2Client implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int NO_ERROR = 0;
    static final int PROTOCOL_ERROR = 1;
    static final int REFUSED_STREAM = 7;
    static final int CANCEL = 8;
    static final int ENHANCE_YOUR_CALM = 11;

    static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private static final int FRAME_HEAD = 9;
    private static final int SEVEN_BITS = 127;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final Http2HeadersDecoder headers = new DefaultHttp2HeadersDecoder();

    /**
     * @param head of HEADERS, else null
     */
    record Frame(int type, int flags, int stream, byte[] payload, @Nullable Http2Headers head) {

        int status() {
            return head == null ? 0 : Integer.parseInt(head.status().toString());
        }

        /** Of the end of a stream or connection. */
        int error() {
            return payload[payload.length == Integer.BYTES ? 3 : 7] & 0xff;
        }

        boolean ends() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }
    }

    /**
     * All that came of one stream.
     *
     * @param status 0 when there was no answer
     * @param error of the frame that reset it, -1 when none did
     */
    record Answer(int status, String body, int error) {}

    RawHttp2Client(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** Over a connection that is open, and may be encrypted. */
    RawHttp2Client(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 65_536));
        out = socket.getOutputStream();
        send(PREFACE.getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0, new byte[0]);
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(FRAME_HEAD + payload.length);
        for (int shift = 16; shift >= 0; shift -= 8) {
            frame.write(payload.length >> shift);
        }
        frame.write(type);
        frame.write(flags);
        frame.writeBytes(number(stream));
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    static byte[] number(int value) {
        return new byte[] {
            (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
        };
    }

    /** Names and values in turn, each as a literal that is not indexed (RFC 7541 6.2.2). */
    static byte[] headers(String... namesAndValues) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            block.write(0);
            for (String text : new String[] {namesAndValues[i], namesAndValues[i + 1]}) {
                byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
                writeLength(bytes.length, block);
                block.writeBytes(bytes);
            }
        }
        return block.toByteArray();
    }

    /** RFC 7541 5.1, with a prefix of seven bits. */
    private static void writeLength(int length, ByteArrayOutputStream block) {
        if (length < SEVEN_BITS) {
            block.write(length);
            return;
        }
        block.write(SEVEN_BITS);
        int rest = length - SEVEN_BITS;
        for (; rest > SEVEN_BITS; rest >>= 7) {
            block.write(rest & SEVEN_BITS | 0x80);
        }
        block.write(rest);
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        send(frame(type, flags, stream, payload));
    }

    void send(int type, int flags, int stream, String payload) throws IOException {
        send(type, flags, stream, payload.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** What may be more than the other side takes. */
    void flood(byte[] bytes) {
        try {
            send(bytes);
        } catch (IOException closed) {
            // It is not read to its end.
        }
    }

    /** The next frame of a kind; null when the connection ended before it. */
    @Nullable Frame next(Predicate<Frame> wanted) throws IOException {
        try {
            while (true) {
                Frame frame = read();
                if (wanted.test(frame)) {
                    return frame;
                }
            }
        } catch (EOFException | SocketException e) {
            return null;
        }
    }

    private Frame read() throws IOException {
        byte[] head = new byte[FRAME_HEAD];
        in.readFully(head);
        byte[] payload = new byte[(head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff];
        in.readFully(payload);
        int stream = (head[7] & 0xff) << 8 | head[8] & 0xff;
        try {
            return new Frame(
                    head[3],
                    head[4],
                    stream,
                    payload,
                    head[3] == HEADERS
                            ? headers.decodeHeaders(stream, Unpooled.wrappedBuffer(payload))
                            : null);
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }

    /** Reads until a stream or the connection has ended. */
    Answer answer(int stream) throws IOException {
        int status = 0;
        StringBuilder body = new StringBuilder();
        for (Frame frame = next(_ -> true); frame != null; frame = next(_ -> true)) {
            if (frame.stream() != stream) {
                continue;
            }
            if (frame.type() == RST_STREAM) {
                return new Answer(status, body.toString(), frame.error());
            }
            if (frame.type() == HEADERS) {
                status = frame.status();
            }
            if (frame.type() == DATA) {
                body.append(new String(frame.payload(), StandardCharsets.ISO_8859_1));
            }
            if (frame.ends()) {
                break;
            }
        }
        return new Answer(status, body.toString(), -1);
    }

    /** Whether the other side has closed the connection; what came before is thrown away. */
    boolean isAtEnd() throws IOException {
        while (in.available() > 0) {
            in.skipNBytes(in.available());
        }
        socket.setSoTimeout(1);
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } finally {
            socket.setSoTimeout(10_000);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

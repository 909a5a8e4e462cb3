package dev.lepton.platform.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * HTTP/1.1 over plain sockets with keep-alive, and nothing else: it never sends a request twice,
 * which other clients do behind their caller's back, and which would hide the failures that are to
 * be counted.
 */
public final class KeepAliveClient implements AutoCloseable {

    /** A complete answer; header names are in lower case. */
    public record Answer(int status, Map<String, String> headers, byte[] body) {

        /** This answer; one with another status than 200 is a failure. */
        public Answer ok() throws IOException {
            if (status != 200) {
                throw new IOException(status + " " + text());
            }
            return this;
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    /** Shorter than any server keeps one; else a request could meet the close of its connection. */
    private static final long LONGEST_IDLE_NANOS = Duration.ofSeconds(15).toNanos();

    private record Connection(SocketChannel channel, InputStream in) implements AutoCloseable {

        OutputStream out() throws IOException {
            return channel.socket().getOutputStream();
        }

        /**
         * What is sent on it after that was never sent; an answer to nothing is as good as that.
         */
        boolean endedByServer() throws IOException {
            channel.configureBlocking(false);
            try {
                return channel.read(ByteBuffer.allocate(1)) != 0;
            } catch (IOException e) {
                // Reset, which is an end as well.
                return true;
            } finally {
                channel.configureBlocking(true);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private record Idle(Connection connection, long sinceNanos) {}

    private final InetSocketAddress address;
    private final int timeoutMillis;
    private final ConcurrentLinkedDeque<Idle> idle = new ConcurrentLinkedDeque<>();

    public KeepAliveClient(URI base, int timeoutMillis) {
        this.address = new InetSocketAddress(base.getHost(), base.getPort());
        this.timeoutMillis = timeoutMillis;
    }

    public Answer get(String path) throws IOException {
        return send("GET", path, Map.of(), new byte[0]);
    }

    public Answer send(String method, String path, Map<String, String> headers, byte[] body)
            throws IOException {
        Connection connection = acquire();
        boolean reusable = false;
        try {
            connection.out().write(request(method, path, headers, body));
            Answer answer = read(connection.in(), method);
            reusable = !answer.header("connection").equalsIgnoreCase("close");
            return answer;
        } finally {
            if (reusable) {
                idle.push(new Idle(connection, System.nanoTime()));
            } else {
                connection.close();
            }
        }
    }

    private byte[] request(String method, String path, Map<String, String> headers, byte[] body) {
        StringBuilder head = new StringBuilder();
        head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
        head.append("Host: ")
                .append(address.getHostString())
                .append(':')
                .append(address.getPort())
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (body.length > 0 || method.equals("POST") || method.equals("PUT")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[start.length + body.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        return all;
    }

    private Connection acquire() throws IOException {
        for (Idle pooled = idle.poll(); pooled != null; pooled = idle.poll()) {
            if (System.nanoTime() - pooled.sinceNanos() < LONGEST_IDLE_NANOS
                    && !pooled.connection().endedByServer()) {
                return pooled.connection();
            }
            pooled.connection().close();
        }
        return connect();
    }

    private Connection connect() throws IOException {
        SocketChannel channel = SocketChannel.open();
        boolean connected = false;
        try {
            Socket socket = channel.socket();
            socket.setTcpNoDelay(true);
            socket.connect(address, timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            connected = true;
            return new Connection(channel, in);
        } finally {
            if (!connected) {
                channel.close();
            }
        }
    }

    private static Answer read(InputStream in, String method) throws IOException {
        in.mark(1);
        if (in.read() < 0) {
            throw new EOFException("the connection was closed before the answer");
        }
        in.reset();
        try {
            return readBegun(in, method);
        } catch (IOException e) {
            throw new AnswerBrokeOff(e);
        }
    }

    private static Answer readBegun(InputStream in, String method) throws IOException {
        String[] status = line(in).split(" ", 3);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int code = Integer.parseInt(status[1]);
        boolean bodiless = method.equals("HEAD") || code == 204 || code == 304;
        return new Answer(code, headers, bodiless ? new byte[0] : body(in, headers));
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            var all = new java.io.ByteArrayOutputStream();
            for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
                all.write(exactly(in, size));
                line(in);
            }
            line(in);
            return all.toByteArray();
        }
        String length = headers.get("content-length");
        return length == null ? in.readAllBytes() : exactly(in, Integer.parseInt(length));
    }

    private static int chunkSize(InputStream in) throws IOException {
        return Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException(
                    "the body ended after %d of %d bytes".formatted(bytes.length, length));
        }
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection was closed in the head of the answer");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        for (Idle pooled = idle.poll(); pooled != null; pooled = idle.poll()) {
            try {
                pooled.connection().close();
            } catch (IOException e) {
                // The socket is given up either way.
                continue;
            }
        }
    }
}

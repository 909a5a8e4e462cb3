package dev.lepton.benchmarks.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * One connection with keep-alive, that asks for one URL and sends nothing twice: what fails is to
 * be counted.
 */
final class HttpConnection implements AutoCloseable {

    private final Socket socket = new Socket();
    private final InputStream in;
    private final byte[] request;
    private boolean reusable;
    private long usedAt;

    HttpConnection(URI target, Duration timeout) throws IOException {
        int millis = Math.toIntExact(timeout.toMillis());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(millis);
        socket.connect(new InetSocketAddress(target.getHost(), target.getPort()), millis);
        in = new BufferedInputStream(socket.getInputStream());
        request =
                "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n"
                        .formatted(target.getRawPath(), target.getRawAuthority())
                        .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Sends the request and returns the status, once the whole answer is there. */
    int ask() throws IOException {
        reusable = false;
        socket.getOutputStream().write(request);
        int status = status(line());
        long length = -1;
        boolean chunked = false;
        boolean close = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = number(header.substring(header.indexOf(':') + 1), 10);
            }
            chunked |= header.startsWith("transfer-encoding:") && header.endsWith("chunked");
            close |= header.startsWith("connection:") && header.endsWith("close");
        }
        if (chunked) {
            skipChunks();
        } else if (length >= 0) {
            skip(length);
        } else {
            in.skipNBytes(Long.MAX_VALUE);
        }
        reusable = !close;
        usedAt = System.nanoTime();
        return status;
    }

    boolean reusable() {
        return reusable;
    }

    Duration idle() {
        return Duration.ofNanos(System.nanoTime() - usedAt);
    }

    private static int status(String line) throws IOException {
        if (!line.matches("HTTP/1\\.1 \\d{3}( .*)?")) {
            throw new IOException("no head of an answer: " + line);
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private static long number(String text, int radix) throws IOException {
        try {
            return Long.parseLong(text.strip(), radix);
        } catch (NumberFormatException e) {
            throw new IOException("no length: " + text, e);
        }
    }

    private void skipChunks() throws IOException {
        long size;
        do {
            size = number(line().split(";", 2)[0], 16);
            skip(size);
            line();
        } while (size > 0);
    }

    private void skip(long bytes) throws IOException {
        in.skipNBytes(bytes);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection was closed within an answer");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

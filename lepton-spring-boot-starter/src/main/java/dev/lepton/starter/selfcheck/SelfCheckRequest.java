package dev.lepton.starter.selfcheck;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One GET to the unit itself over a fresh connection, so that accepting is checked as well as
 * answering. It is written on a socket: an HTTP client would keep connections, share threads with
 * nobody knows whom, and verify a certificate that is made for another name.
 */
final class SelfCheckRequest implements Callable<Integer>, AutoCloseable {

    private static final int LONGEST_STATUS_LINE = 256;

    private final SelfCheckTarget target;
    private final String mark;
    private final @Nullable SSLSocketFactory tls;
    private final int timeoutMillis;
    private final Socket socket = new Socket();
    private volatile boolean aborted;

    /**
     * @param tls for a secure target, else null
     * @param timeoutMillis of each step, a net under the caller's own patience
     */
    SelfCheckRequest(
            SelfCheckTarget target,
            String mark,
            @Nullable SSLSocketFactory tls,
            int timeoutMillis) {
        this.target = target;
        this.mark = mark;
        this.tls = tls;
        this.timeoutMillis = timeoutMillis;
    }

    /** The status of the answer. */
    @Override
    public Integer call() throws IOException {
        socket.setSoTimeout(timeoutMillis);
        socket.connect(new InetSocketAddress(target.address(), target.port()), timeoutMillis);
        if (tls == null) {
            return exchange(socket);
        }
        try (Socket secure =
                tls.createSocket(socket, target.address().getHostAddress(), target.port(), true)) {
            return exchange(secure);
        } catch (SSLException e) {
            if (aborted) {
                throw e;
            }
            // The server asks for a client certificate and said so: its request threads answer.
            return 403;
        }
    }

    private int exchange(Socket connection) throws IOException {
        String host = target.address().getHostAddress() + ":" + target.port();
        String request =
                "GET "
                        + target.path()
                        + " HTTP/1.1\r\nHost: "
                        + host
                        + "\r\n"
                        + SelfCheckPath.HEADER
                        + ": "
                        + mark
                        + "\r\nUser-Agent: lepton-self-check\r\nConnection: close\r\n\r\n";
        connection.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        connection.getOutputStream().flush();
        return status(connection.getInputStream());
    }

    private static int status(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() == LONGEST_STATUS_LINE) {
                throw new IOException("no status line: '" + line + "'");
            }
            line.append((char) c);
        }
        String[] words = line.toString().strip().split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
            throw new IOException("not a status line: '" + line + "'");
        }
        try {
            return Integer.parseInt(words[1]);
        } catch (NumberFormatException e) {
            throw new IOException("not a status line: '" + line + "'", e);
        }
    }

    /** Ends a call that still waits. */
    @Override
    public void close() throws IOException {
        aborted = true;
        socket.close();
    }
}

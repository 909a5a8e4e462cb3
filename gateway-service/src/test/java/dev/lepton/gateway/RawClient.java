package dev.lepton.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client that sends exactly the bytes it is given and sees exactly those that come back. */
final class RawClient {

    private RawClient() {}

    /** What came back until the other side closed the connection. */
    static String exchange(int port, String bytes) {
        return exchange(InetAddress.getLoopbackAddress(), port, bytes);
    }

    /** The same, as a client at an address of this machine. */
    static String exchange(InetAddress from, int port, String bytes) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, from, 0)) {
            socket.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder seen = new StringBuilder();
            byte[] buffer = new byte[8192];
            try {
                for (int n = socket.getInputStream().read(buffer);
                        n >= 0;
                        n = socket.getInputStream().read(buffer)) {
                    seen.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
                }
            } catch (SocketTimeoutException e) {
                throw new IllegalStateException("not closed, after: " + seen, e);
            } catch (IOException reset) {
                // Broken off, which is the end as well.
            }
            return seen.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.lepton.platform.load;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client of one server at two addresses, which are asked in turn. What one of them refuses, and
 * so was never sent, goes to the other; nothing else is sent again.
 */
public final class TwoAddresses implements AutoCloseable {

    private final List<KeepAliveClient> servers;
    private final AtomicInteger turn = new AtomicInteger();

    public TwoAddresses(URI first, URI second, int timeoutMillis) {
        servers =
                List.of(
                        new KeepAliveClient(first, timeoutMillis),
                        new KeepAliveClient(second, timeoutMillis));
    }

    public KeepAliveClient.Answer send(
            String method, String path, Map<String, String> headers, byte[] body)
            throws IOException {
        int first = turn.getAndIncrement() & 1;
        try {
            return servers.get(first).send(method, path, headers, body);
        } catch (ConnectException e) {
            return servers.get(1 - first).send(method, path, headers, body);
        }
    }

    @Override
    public void close() {
        servers.forEach(KeepAliveClient::close);
    }
}

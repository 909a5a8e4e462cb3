package dev.lepton.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A socket that never accepts and has no room for another connection: one more hangs. */
final class FullBacklog implements AutoCloseable {

    private static final int MOST = 100;
    private static final int HANGING_MILLIS = 300;

    private final ServerSocket server;
    private final List<Socket> waiting;

    private FullBacklog(ServerSocket server, List<Socket> waiting) {
        this.server = server;
        this.waiting = waiting;
    }

    static FullBacklog fill() throws IOException {
        FullBacklog full =
                new FullBacklog(
                        new ServerSocket(0, 1, InetAddress.getLoopbackAddress()),
                        new ArrayList<>());
        while (full.hasRoom()) {
            if (full.waiting.size() > MOST) {
                full.close();
                throw new IllegalStateException(
                        "the backlog of 1 took " + MOST + " connections and has room for more");
            }
        }
        return full;
    }

    int port() {
        return server.getLocalPort();
    }

    private boolean hasRoom() throws IOException {
        Socket next = new Socket();
        waiting.add(next);
        try {
            next.connect(new InetSocketAddress(server.getInetAddress(), port()), HANGING_MILLIS);
            return true;
        } catch (SocketTimeoutException hangs) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : waiting) {
            socket.close();
        }
        server.close();
    }
}

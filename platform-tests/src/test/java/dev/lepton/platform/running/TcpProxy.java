package dev.lepton.platform.running;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Passes bytes on to one address on loopback until it is told to cut every connection, or to let
 * none through any more.
 */
public final class TcpProxy implements AutoCloseable {

    private final ServerSocket server;
    private final InetSocketAddress target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public TcpProxy(int port, int targetPort) {
        this(InetAddress.getLoopbackAddress(), port, targetPort);
    }

    private TcpProxy(InetAddress host, int port, int targetPort) {
        try {
            server = new ServerSocket(port, 256, host);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        Thread.ofVirtual().start(this::accept);
    }

    /** Passes on to a server on loopback, from a free port. */
    public static TcpProxy to(URI server) {
        return new TcpProxy(0, server.getPort());
    }

    /** Passes on to a server on loopback what other machines send to an address of this one. */
    public static TcpProxy to(URI server, String host) throws IOException {
        return new TcpProxy(InetAddress.getByName(host), 0, server.getPort());
    }

    public URI address() {
        return URI.create(
                "http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort());
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException e) {
                // Closed: the loop's condition ends it.
                continue;
            }
        }
    }

    private void connect(Socket client) {
        Socket upstream = new Socket();
        open.add(client);
        open.add(upstream);
        if (closed) {
            cut(client);
            cut(upstream);
            return;
        }
        try {
            upstream.connect(target, 2_000);
        } catch (IOException e) {
            cut(client);
            cut(upstream);
            return;
        }
        Thread.ofVirtual().start(() -> pump(client, upstream));
        Thread.ofVirtual().start(() -> pump(upstream, client));
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // Either end is gone; the other is closed below.
        } finally {
            cut(from);
            cut(to);
        }
    }

    /** Resets every connection that passes through now, and returns how many ends were open. */
    public int cutAll() {
        int cut = open.size();
        open.forEach(TcpProxy::reset);
        open.clear();
        return cut;
    }

    /** Resets every connection, also those to come, as a firewall does that rejects. */
    public void cutOff() {
        closed = true;
        cutAll();
    }

    /** Lets connections through again. */
    public void letThrough() {
        closed = false;
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void cut(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cutAll();
    }
}

package dev.lepton.gateway;

import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A unit that does with its one connection what a test wants. */
final class SocketUnit implements AutoCloseable {

    private final ServerSocket server;

    /** What is done with the connection; an error ends it. */
    @FunctionalInterface
    interface Behaviour {
        void with(Socket socket) throws IOException;
    }

    private SocketUnit(ServerSocket server, Behaviour behaviour) {
        this.server = server;
        Thread.ofVirtual()
                .start(() -> {
                    try (Socket socket = server.accept()) {
                        behaviour.with(socket);
                    } catch (IOException e) {
                        // The test is over.
                    }
                });
    }

    static SocketUnit start(Behaviour behaviour) throws IOException {
        return new SocketUnit(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()), behaviour);
    }

    /**
     * @param window bytes that the gateway can send before they are read
     */
    static SocketUnit start(int window, Behaviour behaviour) throws IOException {
        ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        server.setReceiveBufferSize(window);
        return new SocketUnit(server, behaviour);
    }

    UnitView view(String service) {
        return StubUnit.view(service + "-1", service, server.getLocalPort(), UnitState.UP, 1);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

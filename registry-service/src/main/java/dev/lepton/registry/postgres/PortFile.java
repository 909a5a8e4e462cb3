package dev.lepton.registry.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.random.RandomGenerator;

/** The server's port: chosen once among the free ones, kept for good. */
record PortFile(Path file) {

    /**
     * Below the ports that systems hand to outgoing connections, which would take it now and then.
     */
    private static final int FIRST = 20_000;

    private static final int AFTER_LAST = 30_000;

    boolean isMissing() {
        return !Files.exists(file);
    }

    int read() {
        try {
            String text = Files.readString(file).strip();
            int port = Integer.parseInt(text);
            if (port < 1 || port > 65_535) {
                throw new NumberFormatException("port " + port + " must be from 1 to 65535");
            }
            return port;
        } catch (IOException | NumberFormatException e) {
            throw PostgresRefusal.misconfigured(
                    "the file %s does not hold a port (%s): delete it, and the next start of the server chooses a free one"
                            .formatted(file, e.getMessage()));
        }
    }

    int chosenOnce(RandomGenerator random) {
        if (!isMissing()) {
            return read();
        }
        int port =
                random.ints(FIRST, AFTER_LAST).filter(PortFile::isFree).findFirst().orElseThrow();
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, port + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw PostgresRefusal.failed("cannot write the port file " + file, e);
        }
        return port;
    }

    void requireFree(int port, ServerProbe probe) {
        if (isFree(port)) {
            return;
        }
        String who =
                switch (probe.look()) {
                    case ServerProbe.Finding.Ours _ ->
                            "it is the PostgreSQL of this home, but of no process that is known";
                    case ServerProbe.Finding.Foreign(String why) -> why;
                    case ServerProbe.Finding.Silent _ -> "a program that is no PostgreSQL";
                };
        throw PostgresRefusal.misconfigured(
                "port %d of the embedded PostgreSQL is taken (%s): stop that program, or delete %s, and the next start chooses a free port"
                        .formatted(port, who, file));
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            // Bound by somebody else: that is the answer.
            return false;
        }
    }
}

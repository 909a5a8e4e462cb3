package dev.lepton.supervisor.container;

import dev.lepton.supervisor.container.Seen.Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The networks that this supervisor is in, by the addresses of its own interfaces. A host is in
 * every bridge network of its engine.
 */
final class OwnNetworks {

    private OwnNetworks() {}

    /** An address of a container that is reached from here without a way through a router. */
    static Optional<String> reached(Seen container) {
        return container.addresses().stream()
                .filter(OwnNetworks::near)
                .map(Address::ip)
                .findFirst();
    }

    private static boolean near(Address address) {
        byte[] other = InetAddress.ofLiteral(address.ip()).getAddress();
        return own().anyMatch(mine ->
                mine.getNetworkPrefixLength() == address.prefixLength()
                        && samePrefix(
                                mine.getAddress().getAddress(), other, address.prefixLength()));
    }

    private static Stream<InterfaceAddress> own() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(each -> each.getInterfaceAddresses().stream());
        } catch (SocketException _) {
            // Asked again with the next start; until then no container is reached.
            return Stream.empty();
        }
    }

    static boolean samePrefix(byte[] a, byte[] b, int bits) {
        if (a.length != b.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if (((a[bit / 8] ^ b[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}

package dev.lepton.gateway.settings;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * A block of addresses as RFC 4632 writes it, such as {@code 10.0.0.0/8}; a single address is a
 * block of its own.
 *
 * @param prefix how many leading bits all its addresses share
 */
public record Cidr(InetAddress network, int prefix) {

    public Cidr {
        int bits = network.getAddress().length * Byte.SIZE;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException(
                    "prefix %d must be from 0 to %d".formatted(prefix, bits));
        }
        if (hasBitsBeyond(prefix, network.getAddress())) {
            throw new IllegalArgumentException(
                    "%s has bits beyond its prefix %d".formatted(network.getHostAddress(), prefix));
        }
    }

    /** Reads one; a name is never looked up. */
    public static Cidr of(String text) {
        int slash = text.indexOf('/');
        InetAddress network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        return new Cidr(
                network,
                slash < 0
                        ? network.getAddress().length * Byte.SIZE
                        : Integer.parseInt(text.substring(slash + 1)));
    }

    private static boolean hasBitsBeyond(int prefix, byte[] address) {
        for (int bit = prefix; bit < address.length * Byte.SIZE; bit++) {
            if ((address[bit / Byte.SIZE] & (0x80 >> bit % Byte.SIZE)) != 0) {
                return true;
            }
        }
        return false;
    }

    public static boolean anyContains(List<Cidr> blocks, InetAddress address) {
        return blocks.stream().anyMatch(each -> each.contains(address));
    }

    public boolean contains(InetAddress address) {
        byte[] own = network.getAddress();
        byte[] other = address.getAddress();
        int whole = prefix / Byte.SIZE;
        int rest = prefix % Byte.SIZE;
        return own.length == other.length
                && Arrays.equals(own, 0, whole, other, 0, whole)
                && (rest == 0 || ((own[whole] ^ other[whole]) & 0xff) >> (Byte.SIZE - rest) == 0);
    }
}

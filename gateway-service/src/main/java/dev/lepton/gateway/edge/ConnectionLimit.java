package dev.lepton.gateway.edge;

import dev.lepton.gateway.settings.Cidr;
import dev.lepton.gateway.settings.EdgeSettings;
import io.micrometer.core.instrument.Counter;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How many connections there may be, in all and from one address. */
final class ConnectionLimit {

    private final int most;
    private final int mostPerAddress;
    private final List<Cidr> proxies;
    private final Counter refused;
    private final Counter refusedOfAddress;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<InetAddress, Integer> openByAddress = new ConcurrentHashMap<>();

    /**
     * @param proxies whose many clients come from one address
     */
    ConnectionLimit(EdgeSettings settings, List<Cidr> proxies, EdgeMetrics metrics) {
        this.most = settings.maxConnections();
        this.mostPerAddress = settings.maxConnectionsPerAddress();
        this.proxies = proxies;
        this.refused = metrics.refused("connections");
        this.refusedOfAddress = metrics.refused("connections-per-address");
    }

    /** Counts a connection until it is closed; one too many is not counted. */
    boolean admits(Channel channel) {
        InetAddress address = limitedAddress(channel);
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            refused.increment();
            return false;
        }
        if (address != null && openByAddress.merge(address, 1, Integer::sum) > mostPerAddress) {
            closed(address);
            refusedOfAddress.increment();
            return false;
        }
        channel.closeFuture().addListener(_ -> closed(address));
        return true;
    }

    private @Nullable InetAddress limitedAddress(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress peer
                        && !Cidr.anyContains(proxies, peer.getAddress())
                ? peer.getAddress()
                : null;
    }

    private void closed(@Nullable InetAddress address) {
        open.decrementAndGet();
        if (address != null) {
            openByAddress.computeIfPresent(address, (_, n) -> n == 1 ? null : n - 1);
        }
    }

    int open() {
        return open.get();
    }
}

package dev.lepton.gateway.forwarding;

import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.TransportConfig;

/**
 * Connections in a pool for each event loop: a request takes one that its own loop serves, so that
 * nothing of it is handed from thread to thread. Who is not on a loop shares one more pool.
 */
final class LoopConnections implements ConnectionProvider {

    private final Supplier<ConnectionProvider> newPool;
    private final ConnectionProvider shared;
    private final Map<Thread, ConnectionProvider> ofLoops = new ConcurrentHashMap<>();

    LoopConnections(Supplier<ConnectionProvider> newPool) {
        this.newPool = newPool;
        this.shared = newPool.get();
    }

    @Override
    public Mono<? extends Connection> acquire(
            TransportConfig config,
            ConnectionObserver observer,
            @Nullable Supplier<? extends SocketAddress> address,
            @Nullable AddressResolverGroup<?> resolver) {
        return ofThisLoop().acquire(config, observer, address, resolver);
    }

    private ConnectionProvider ofThisLoop() {
        Thread current = Thread.currentThread();
        if (!(current instanceof FastThreadLocalThread)) {
            return shared;
        }
        ConnectionProvider pool = ofLoops.get(current);
        return pool != null ? pool : ofLoops.computeIfAbsent(current, thread -> newPool.get());
    }

    @Override
    public void disposeWhen(SocketAddress address) {
        shared.disposeWhen(address);
        ofLoops.values().forEach(pool -> pool.disposeWhen(address));
    }

    @Override
    public Mono<Void> disposeLater() {
        Collection<ConnectionProvider> pools = ofLoops.values();
        return Mono.when(pools.stream().map(ConnectionProvider::disposeLater).toList())
                .then(shared.disposeLater());
    }

    @Override
    public void dispose() {
        disposeLater().subscribe();
    }
}

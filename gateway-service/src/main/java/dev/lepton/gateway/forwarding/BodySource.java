package dev.lepton.gateway.forwarding;

import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.Connection;
import reactor.netty.NettyInbound;

/** A body that is read like that of a unit's connection, by who writes all answers. */
public interface BodySource extends Connection, NettyInbound {

    @Override
    default ByteBufFlux receive() {
        return ByteBufFlux.fromInbound(receiveObject(), channel().alloc());
    }

    @Override
    default NettyInbound withConnection(Consumer<? super Connection> with) {
        with.accept(this);
        return this;
    }

    @Override
    default NettyInbound inbound() {
        return this;
    }

    /** At once where all of it is there: the channel's own end may be far away. */
    @Override
    default Mono<Void> onTerminate() {
        return Mono.empty();
    }
}

package dev.lepton.gateway.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.netty.ByteBufFlux;
import reactor.netty.Connection;
import reactor.netty.NettyInbound;

/**
 * A body that is kept, read as that of a unit is: so it is written when the filters of a route have
 * done their work, and by who writes all answers.
 */
final class KeptConnection implements Connection, NettyInbound {

    private final Channel client;
    private final byte[] body;

    /**
     * @param client stands for the channel of a unit, of which there is none
     */
    KeptConnection(Channel client, byte[] body) {
        this.client = client;
        this.body = body;
    }

    @Override
    public ByteBufFlux receive() {
        return ByteBufFlux.fromInbound(receiveObject(), client.alloc());
    }

    @Override
    public Flux<?> receiveObject() {
        return body.length == 0
                ? Flux.empty()
                : Flux.using(
                        () -> Unpooled.wrappedBuffer(body),
                        // Whoever needs it longer retains it, as with what a connection reads.
                        Flux::just,
                        ByteBuf::release);
    }

    @Override
    public NettyInbound withConnection(Consumer<? super Connection> with) {
        with.accept(this);
        return this;
    }

    @Override
    public NettyInbound inbound() {
        return this;
    }

    @Override
    public Channel channel() {
        return client;
    }

    /** There is nothing to close; the client's connection is not this one's to. */
    @Override
    public void dispose() {}
}

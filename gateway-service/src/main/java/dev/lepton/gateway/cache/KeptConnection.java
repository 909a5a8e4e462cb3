package dev.lepton.gateway.cache;

import dev.lepton.gateway.forwarding.BodySource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import reactor.core.publisher.Flux;

/**
 * A body that is kept, read as that of a unit is: so it is written when the filters of a route have
 * done their work, and by who writes all answers.
 */
final class KeptConnection implements BodySource {

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
    public Channel channel() {
        return client;
    }

    /** There is nothing to close; the client's connection is not this one's to. */
    @Override
    public void dispose() {}
}

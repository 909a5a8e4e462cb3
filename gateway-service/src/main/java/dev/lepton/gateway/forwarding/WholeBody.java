package dev.lepton.gateway.forwarding;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClientResponse;

/**
 * The body of a short answer, all of which came before the answer counts: until then nothing was
 * given to the client, so that a unit which dies in the middle of it has not answered. It is read
 * like that of a connection, and once.
 */
final class WholeBody implements BodySource {

    /** In bytes: what units send in one piece. */
    private static final int SHORT = 16 * 1024;

    private final Channel unit;
    private @Nullable ByteBuf body;

    /**
     * @param body is released by who takes it, or with this
     */
    WholeBody(Channel unit, @Nullable ByteBuf body) {
        this.unit = unit;
        this.body = body;
    }

    /** Whether a response has a body whose end follows its beginning at once. */
    static boolean isComing(OutgoingRequest request, HttpClientResponse response) {
        // One in HTTP/2 may have trailers.
        if (response.version().majorVersion() != 1 || !UnitClient.mayHaveBody(request, response)) {
            return false;
        }
        int length = response.responseHeaders().getInt(HttpHeaderNames.CONTENT_LENGTH, 0);
        return length > 0 && length <= SHORT;
    }

    /** Adds what came next. */
    static ByteBuf joined(@Nullable ByteBuf body, ByteBuf part) {
        if (body == null) {
            return part;
        }
        CompositeByteBuf whole =
                body instanceof CompositeByteBuf known
                        ? known
                        : body.alloc().compositeBuffer().addComponent(true, body);
        return whole.addComponent(true, part);
    }

    /** Empty when it was taken before. */
    ByteBuf take() {
        ByteBuf taken = body;
        body = null;
        return taken == null ? Unpooled.EMPTY_BUFFER : taken;
    }

    @Override
    public Flux<?> receiveObject() {
        // Whoever needs it longer retains it, as with what a connection reads.
        return Flux.using(
                this::take,
                taken -> taken.isReadable() ? Flux.just(taken) : Flux.empty(),
                ByteBuf::release);
    }

    @Override
    public Channel channel() {
        return unit;
    }

    /** The connection itself may carry another request by now. */
    @Override
    public void dispose() {
        take().release();
    }
}

package dev.lepton.gateway.cache;

import dev.lepton.gateway.forwarding.BodySource;
import io.netty.channel.Channel;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.Connection;

/** The connection of a unit's answer, whose body is copied as it is read. */
final class RecordedConnection implements BodySource {

    private final Connection unit;
    private final Recording recording;

    RecordedConnection(Connection unit, Recording recording) {
        this.unit = unit;
        this.recording = recording;
    }

    @Override
    public ByteBufFlux receive() {
        return ByteBufFlux.fromInbound(
                unit.inbound()
                        .receive()
                        .doOnNext(recording::add)
                        .doOnComplete(recording::complete)
                        .doFinally(signal -> recording.end()),
                unit.channel().alloc());
    }

    @Override
    public Flux<?> receiveObject() {
        return unit.inbound().receiveObject();
    }

    @Override
    public Channel channel() {
        return unit.channel();
    }

    @Override
    public void dispose() {
        unit.dispose();
    }

    @Override
    public boolean isDisposed() {
        return unit.isDisposed();
    }

    @Override
    public Mono<Void> onTerminate() {
        return unit.onTerminate();
    }
}

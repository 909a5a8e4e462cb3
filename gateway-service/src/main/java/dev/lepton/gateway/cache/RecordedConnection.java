package dev.lepton.gateway.cache;

import io.netty.channel.Channel;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.Connection;
import reactor.netty.NettyInbound;

/** The connection of a unit's answer, whose body is copied as it is read. */
final class RecordedConnection implements Connection, NettyInbound {

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

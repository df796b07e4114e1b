package io.tradingbreaker.sample.trading;

import io.tradingbreaker.sample.jupiter.Side;
import io.tradingbreaker.sample.solana.Token;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Cash and positions in whole smallest units. What an order may need is reserved before it is sent, so that neither can
 * become negative. Thread-safe.
 */
public final class Portfolio {

    private static final int FILLS_SHOWN = 100;

    private final long startMicros;
    private final Map<Token, Holding> holdings = new EnumMap<>(Token.class);
    private final Deque<Fill> fills = new ArrayDeque<>();
    private long cashMicros;
    private long reservedMicros;
    private long fillCount;

    public Portfolio(long startMicros) {
        this.startMicros = startMicros;
        cashMicros = startMicros;
        Token.TRADED.forEach(token -> holdings.put(token, new Holding()));
    }

    /** @throws OrderRejectedException if there is not so much free cash */
    synchronized Reservation reserveCash(Token token, long micros) {
        if (micros > cashMicros - reservedMicros) {
            throw new OrderRejectedException("the order needs " + Token.USDC.amount(micros) + " USDC and there are "
                    + Token.USDC.amount(cashMicros - reservedMicros) + " free");
        }
        reservedMicros += micros;
        return new Reservation(Side.BUY, token, micros);
    }

    /** @throws OrderRejectedException if there is not so much of a free position */
    synchronized Reservation reservePosition(Token token, long units) {
        Holding holding = holding(token);
        if (units > holding.units - holding.reserved) {
            throw new OrderRejectedException("the order sells " + token.amount(units) + " " + token
                    + " and the free position is " + token.amount(holding.units - holding.reserved));
        }
        holding.reserved += units;
        return new Reservation(Side.SELL, token, units);
    }

    /** What of a token is held and not reserved, in smallest units. */
    synchronized long free(Token token) {
        Holding holding = holding(token);
        return holding.units - holding.reserved;
    }

    /** What of a token is held, reserved or not, in smallest units. */
    synchronized long held(Token token) {
        return holding(token).units;
    }

    public synchronized View view() {
        Map<Token, Position> positions = new EnumMap<>(Token.class);
        holdings.forEach((token, h) -> positions.put(
                token, new Position(h.units, h.reserved, h.boughtUnits, h.soldUnits, h.paidMicros, h.receivedMicros)));
        return new View(startMicros, cashMicros, reservedMicros, fillCount, positions, List.copyOf(fills));
    }

    private Holding holding(Token token) {
        Holding holding = holdings.get(token);
        if (holding == null) {
            throw new IllegalArgumentException(token + " is not traded");
        }
        return holding;
    }

    private synchronized void book(Fill fill) {
        Holding holding = holding(fill.token());
        if (fill.side() == Side.BUY) {
            cashMicros -= fill.micros();
            holding.units += fill.units();
            holding.boughtUnits += fill.units();
            holding.paidMicros += fill.micros();
        } else {
            cashMicros += fill.micros();
            holding.units -= fill.units();
            holding.soldUnits += fill.units();
            holding.receivedMicros += fill.micros();
        }
        fillCount++;
        fills.addFirst(fill);
        if (fills.size() > FILLS_SHOWN) {
            fills.removeLast();
        }
    }

    /** What one order has been promised; given back or used exactly once. */
    final class Reservation {

        private final Side side;
        private final Token token;
        private final long amount;
        private boolean ended;

        private Reservation(Side side, Token token, long amount) {
            this.side = side;
            this.token = token;
            this.amount = amount;
        }

        /** Books the fill and gives back what it left. */
        void fill(Fill fill) {
            synchronized (Portfolio.this) {
                long used = side == Side.BUY ? fill.micros() : fill.units();
                if (ended || fill.side() != side || fill.token() != token || used > amount) {
                    throw new IllegalStateException("the fill is not one of this reservation");
                }
                release();
                book(fill);
            }
        }

        void release() {
            synchronized (Portfolio.this) {
                if (ended) {
                    return;
                }
                ended = true;
                if (side == Side.BUY) {
                    reservedMicros -= amount;
                } else {
                    holding(token).reserved -= amount;
                }
            }
        }
    }

    private static final class Holding {

        private long units;
        private long reserved;
        private long boughtUnits;
        private long soldUnits;
        private long paidMicros;
        private long receivedMicros;
    }

    /** One position, with the sums of all its fills. */
    public record Position(
            long units, long reserved, long boughtUnits, long soldUnits, long paidMicros, long receivedMicros) {}

    /**
     * The portfolio at one moment.
     *
     * @param fills the latest fills, newest first
     */
    public record View(
            long startMicros,
            long cashMicros,
            long reservedMicros,
            long fillCount,
            Map<Token, Position> positions,
            List<Fill> fills) {

        /** Whether cash and positions are exactly what the fills have made of them. */
        public boolean reconciles() {
            long expected = startMicros;
            for (Position position : positions.values()) {
                expected += position.receivedMicros - position.paidMicros;
                if (position.units != position.boughtUnits - position.soldUnits || position.units < 0) {
                    return false;
                }
            }
            return cashMicros == expected && cashMicros >= 0;
        }
    }
}

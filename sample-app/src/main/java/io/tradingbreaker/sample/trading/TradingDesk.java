package io.tradingbreaker.sample.trading;

import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.sample.execution.Trader;
import io.tradingbreaker.sample.execution.Transactions;
import io.tradingbreaker.sample.execution.Transactions.Prepared;
import io.tradingbreaker.sample.execution.UnsupportedOrderException;
import io.tradingbreaker.sample.jupiter.Quote;
import io.tradingbreaker.sample.jupiter.QuoteService;
import io.tradingbreaker.sample.jupiter.Side;
import io.tradingbreaker.sample.node.NodeException;
import io.tradingbreaker.sample.node.NodeSilentException;
import io.tradingbreaker.sample.solana.Token;
import io.tradingbreaker.sample.trading.Order.Status;
import io.tradingbreaker.sample.trading.OrderBook.Entry;
import io.tradingbreaker.sample.trading.OrderBook.Sent;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes orders and brings them to the node. Knows nothing of breakers: a refusal comes out of the guarded services as
 * {@link TradingPausedException} and leaves cash, positions and orders as they were.
 *
 * <p>An order at once takes the market's price, or rests until its limit is reached. A swap that the node has not
 * answered is never sent anew: the node is asked what became of it, until it can no longer be executed. Thread-safe.
 */
public final class TradingDesk {

    private static final long CANCEL_AGAIN_MILLIS = 100;

    private final QuoteService quotes;
    private final Transactions transactions;
    private final Trader trader;
    private final Portfolio portfolio;
    private final OrderBook book = new OrderBook();
    private final AtomicLong ids = new AtomicLong();

    public TradingDesk(QuoteService quotes, Transactions transactions, Trader trader, Portfolio portfolio) {
        this.quotes = quotes;
        this.transactions = transactions;
        this.trader = trader;
        this.portfolio = portfolio;
    }

    /**
     * Places an order; it is filled, resting or of unknown fate when this returns.
     *
     * @param units the traded token's smallest units
     * @param limit the worst acceptable price for a whole token; null takes the market's
     * @throws TradingPausedException if it opens risk and trading is paused
     * @throws OrderRejectedException if there is not so much cash or not so large a position
     * @throws UnsupportedOrderException if it would rest and the trader lets none rest
     * @throws NodeException if the node failed
     */
    public Order place(Token token, Side side, long units, @Nullable BigDecimal limit) {
        Order order =
                new Order("o-" + ids.incrementAndGet(), token, side, units, limit, Status.SENDING, null, Instant.now());
        // What is sold is reserved before anything is asked, what is bought when its cost is known.
        Portfolio.Reservation position = side == Side.SELL ? portfolio.reservePosition(token, units) : null;
        Entry entry;
        Quote quote;
        try {
            quote = quote(order);
            entry = new Entry(order, position == null ? reserveCash(order, quote) : position);
        } catch (RuntimeException e) {
            if (position != null) {
                position.release();
            }
            throw e;
        }
        try {
            book.add(entry);
            if (order.accepts(quote)) {
                swap(entry, quote);
            } else {
                send(order, transactions.place(order.id(), side));
                entry.move(Status.SENDING, Status.RESTING);
            }
        } catch (RuntimeException e) {
            if (entry.move(Status.SENDING, Status.FAILED)) {
                end(entry);
            }
            throw e;
        }
        return entry.order();
    }

    /**
     * Cancels a resting order at the node, also while trading is paused.
     *
     * @throws NoSuchElementException if there is no such order
     * @throws OrderStateException if it is not resting
     * @throws NodeException if the node failed; then the order goes on resting
     */
    public Order cancel(String id) {
        Entry entry = entry(id);
        if (!entry.move(Status.RESTING, Status.CANCELLING)) {
            throw new OrderStateException("the order is " + entry.order().status() + ", not RESTING");
        }
        try {
            trader.cancel(transactions.cancel(id).transaction());
        } catch (RuntimeException e) {
            entry.move(Status.CANCELLING, Status.RESTING);
            throw e;
        }
        entry.move(Status.CANCELLING, Status.CANCELLED);
        end(entry);
        return entry.order();
    }

    /**
     * Cancels the buys that rest, and those that come to rest meanwhile; tries again until none is left. Sells protect a
     * position and rest on.
     */
    void cancelEntries() throws InterruptedException {
        for (List<Entry> left = entries(); !left.isEmpty(); left = entries()) {
            for (Entry entry : left) {
                try {
                    cancel(entry.order().id());
                } catch (NodeException | OrderStateException | NoSuchElementException e) {
                    // Its turn comes again, unless it has ended.
                }
            }
            TimeUnit.MILLISECONDS.sleep(CANCEL_AGAIN_MILLIS);
        }
    }

    private List<Entry> entries() {
        return Stream.of(Status.SENDING, Status.RESTING, Status.CANCELLING)
                .flatMap(status -> book.in(status).stream())
                .filter(entry ->
                        entry.order().side() == Side.BUY && entry.order().limit() != null)
                .toList();
    }

    /** All live orders and the latest of the others, newest first. */
    public List<Order> orders() {
        return book.orders();
    }

    /**
     * One order.
     *
     * @throws NoSuchElementException if there is no such order, or it ended long ago
     */
    public Order order(String id) {
        return entry(id).order();
    }

    /** Fills the resting orders whose price is reached, and asks after those of unknown fate. */
    void work() {
        book.in(Status.RESTING).forEach(this::tryToFill);
        book.in(Status.UNKNOWN).forEach(this::settle);
    }

    private Entry entry(String id) {
        Entry entry = book.find(id);
        if (entry == null) {
            throw new NoSuchElementException("there is no such order");
        }
        return entry;
    }

    private void tryToFill(Entry entry) {
        try {
            Quote quote = quote(entry.order());
            if (entry.order().accepts(quote) && entry.move(Status.RESTING, Status.SENDING)) {
                swap(entry, quote);
            }
        } catch (TradingPausedException | NodeException e) {
            // It rests on, and is tried again at the next turn.
            entry.move(Status.SENDING, Status.RESTING);
        }
    }

    /** The chain is asked how far it is first: what it has not executed by then it never will. */
    private void settle(Entry entry) {
        Sent sent = entry.sent();
        try {
            if (sent == null) {
                throw new IllegalStateException("an order of unknown fate was sent once");
            }
            boolean isTooLate = trader.blockHeight() > sent.lastValidBlockHeight();
            if (trader.isExecuted(sent.fill().signature())) {
                fill(entry, sent.fill());
            } else if (isTooLate && entry.move(Status.UNKNOWN, Status.FAILED)) {
                end(entry);
            }
        } catch (NodeException e) {
            // Asked again at the next turn.
        }
    }

    private void swap(Entry entry, Quote quote) {
        Order order = entry.order();
        Prepared swap = transactions.swap(order.id(), quote);
        Fill fill = new Fill(
                order.id(),
                order.token(),
                order.side(),
                quote.units(),
                quote.micros(),
                swap.transaction().signature(),
                Instant.now());
        entry.sent(new Sent(fill, swap.lastValidBlockHeight()));
        try {
            send(order, swap);
        } catch (NodeSilentException e) {
            entry.move(Status.SENDING, Status.UNKNOWN);
            return;
        }
        fill(entry, fill);
    }

    private void fill(Entry entry, Fill fill) {
        entry.reservation().fill(fill);
        entry.filled(fill);
        book.ended(entry);
    }

    private void end(Entry entry) {
        entry.reservation().release();
        book.ended(entry);
    }

    private Portfolio.Reservation reserveCash(Order order, Quote quote) {
        BigDecimal most = order.worthAtLimit();
        return portfolio.reserveCash(
                order.token(),
                most == null
                        ? quote.micros()
                        : Token.USDC.units(most.setScale(Token.USDC.decimals(), RoundingMode.UP)));
    }

    private Quote quote(Order order) {
        return order.side() == Side.BUY
                ? quotes.toBuy(order.token(), order.units())
                : quotes.toSell(order.token(), order.units());
    }

    private void send(Order order, Prepared prepared) {
        if (order.side() == Side.BUY) {
            trader.open(prepared.transaction());
        } else {
            trader.reduce(prepared.transaction(), order.token().mint(), order.units());
        }
    }
}

package io.tradingbreaker.sample.trading;

import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.sample.node.NodeException;
import io.tradingbreaker.sample.node.NodeSilentException;
import io.tradingbreaker.sample.node.Quote;
import io.tradingbreaker.sample.node.QuoteService;
import io.tradingbreaker.sample.node.Side;
import io.tradingbreaker.sample.node.SolanaNode;
import io.tradingbreaker.sample.solana.SignedTransaction;
import io.tradingbreaker.sample.solana.Token;
import io.tradingbreaker.sample.trading.Order.Status;
import io.tradingbreaker.sample.trading.OrderBook.Entry;
import io.tradingbreaker.sample.trading.OrderBook.Sent;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Takes orders and brings them to the node. Knows nothing of breakers: a refusal comes out of the guarded services as
 * {@link TradingPausedException} and leaves cash, positions and orders as they were.
 *
 * <p>An order at once takes the market's price, or rests until its limit is reached. A swap that the node has not
 * answered is never sent anew: the node is asked what became of it, until it can no longer be executed. Thread-safe.
 */
public final class TradingDesk {

    /** A blockhash is accepted for about a minute; a call may take 5 s to reach the node. */
    private static final Duration EXPIRY = Duration.ofSeconds(75);

    private final QuoteService quotes;
    private final SolanaNode node;
    private final Portfolio portfolio;
    private final OrderBook book = new OrderBook();
    private final AtomicLong ids = new AtomicLong();

    public TradingDesk(QuoteService quotes, SolanaNode node, Portfolio portfolio) {
        this.quotes = quotes;
        this.node = node;
        this.portfolio = portfolio;
    }

    /**
     * Places an order; it is filled, resting or of unknown fate when this returns.
     *
     * @param units the traded token's smallest units
     * @param limit the worst acceptable price for a whole token; null takes the market's
     * @throws TradingPausedException if it opens risk and trading is paused
     * @throws OrderRejectedException if there is not so much cash or not so large a position
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
                send(side, SignedTransaction.sign(node.latestBlockhash(), "place " + order.id() + " " + side));
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
            node.cancel(SignedTransaction.sign(node.latestBlockhash(), "cancel " + id));
        } catch (RuntimeException e) {
            entry.move(Status.CANCELLING, Status.RESTING);
            throw e;
        }
        entry.move(Status.CANCELLING, Status.CANCELLED);
        end(entry);
        return entry.order();
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

    private void settle(Entry entry) {
        Sent sent = entry.sent();
        try {
            if (sent == null) {
                throw new IllegalStateException("an order of unknown fate was sent once");
            }
            boolean isTooLate = System.nanoTime() - sent.expiresNanos() > 0;
            if (node.isExecuted(sent.fill().signature())) {
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
        SignedTransaction transaction = SignedTransaction.sign(
                node.latestBlockhash(),
                "swap " + order.id() + " " + order.side() + " " + order.token() + " " + quote.units() + " for "
                        + quote.micros());
        Fill fill = new Fill(
                order.id(),
                order.token(),
                order.side(),
                quote.units(),
                quote.micros(),
                transaction.signature(),
                Instant.now());
        entry.sent(new Sent(fill, System.nanoTime() + EXPIRY.toNanos()));
        try {
            send(order.side(), transaction);
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

    private void send(Side side, SignedTransaction transaction) {
        if (side == Side.BUY) {
            node.open(transaction);
        } else {
            node.reduce(transaction);
        }
    }
}

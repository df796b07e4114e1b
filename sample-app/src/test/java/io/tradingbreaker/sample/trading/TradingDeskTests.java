package io.tradingbreaker.sample.trading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.sample.execution.Trader;
import io.tradingbreaker.sample.execution.Transactions;
import io.tradingbreaker.sample.jupiter.Quote;
import io.tradingbreaker.sample.jupiter.QuoteService;
import io.tradingbreaker.sample.jupiter.Side;
import io.tradingbreaker.sample.node.NodeException;
import io.tradingbreaker.sample.node.NodeSilentException;
import io.tradingbreaker.sample.solana.Base58;
import io.tradingbreaker.sample.solana.Keypair;
import io.tradingbreaker.sample.solana.SignedTransaction;
import io.tradingbreaker.sample.solana.Token;
import io.tradingbreaker.sample.trading.Order.Status;
import java.math.BigDecimal;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.MissingNode;

class TradingDeskTests {

    private static final long ONE = Token.SOL.units(BigDecimal.ONE);

    private final PaperNode node = new PaperNode();
    private final Portfolio portfolio = new Portfolio(Token.USDC.units(new BigDecimal(10_000)));
    private final TradingDesk desk = new TradingDesk(node, node, node, portfolio);

    @Test
    void buyThenSell_movesCashAndPositionByTheFills() {
        Order bought = desk.place(Token.SOL, Side.BUY, 2 * ONE, null);
        Order sold = desk.place(Token.SOL, Side.SELL, ONE, null);

        assertThat(bought.status()).isEqualTo(Status.FILLED);
        assertThat(sold.status()).isEqualTo(Status.FILLED);
        Portfolio.View view = portfolio.view();
        assertThat(view.cashMicros()).isEqualTo(Token.USDC.units(new BigDecimal(10_000 - 200 + 100)));
        assertThat(view.positions().get(Token.SOL).units()).isEqualTo(ONE);
        assertThat(view.fillCount()).isEqualTo(2).isEqualTo(node.executed.size());
        assertThat(view.reconciles()).isTrue();
        assertThat(view.reservedMicros()).isZero();
    }

    @Test
    void sellAboveThePosition_isRejectedBeforeTheNodeIsAsked() {
        desk.place(Token.SOL, Side.BUY, ONE, null);
        int asked = node.quotes.get();

        assertThatExceptionOfType(OrderRejectedException.class)
                .isThrownBy(() -> desk.place(Token.SOL, Side.SELL, ONE + 1, null))
                .withMessageContaining("free position is 1");
        assertThat(node.quotes).hasValue(asked);
    }

    @Test
    void buyAboveTheCash_isRejected() {
        assertThatExceptionOfType(OrderRejectedException.class)
                .isThrownBy(() -> desk.place(Token.SOL, Side.BUY, 101 * ONE, null));
        assertThat(desk.orders()).isEmpty();
    }

    @Test
    void limitBelowTheMarket_restsReservesAndFillsAtItsPrice() {
        Order order = desk.place(Token.SOL, Side.BUY, ONE, new BigDecimal("90.5"));
        assertThat(order.status()).isEqualTo(Status.RESTING);
        assertThat(portfolio.view().reservedMicros()).isEqualTo(90_500_000);

        desk.work();
        assertThat(desk.order(order.id()).status()).isEqualTo(Status.RESTING);

        node.micros = 90_000_000;
        desk.work();

        assertThat(desk.order(order.id()).status()).isEqualTo(Status.FILLED);
        assertThat(portfolio.view().cashMicros()).isEqualTo(Token.USDC.units(new BigDecimal(9_910)));
        assertThat(portfolio.view().reservedMicros()).isZero();
        assertThat(portfolio.view().reconciles()).isTrue();
    }

    @Test
    void cancel_freesWhatTheOrderReserved() {
        desk.place(Token.SOL, Side.BUY, ONE, null);
        Order order = desk.place(Token.SOL, Side.SELL, ONE, new BigDecimal(200));
        assertThat(portfolio.free(Token.SOL)).isZero();

        assertThat(desk.cancel(order.id()).status()).isEqualTo(Status.CANCELLED);

        assertThat(portfolio.free(Token.SOL)).isEqualTo(ONE);
        assertThatExceptionOfType(OrderStateException.class).isThrownBy(() -> desk.cancel(order.id()));
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> desk.cancel("o-99"));
    }

    @Test
    void entries_cancelledAndProtectionKept() throws Exception {
        desk.place(Token.SOL, Side.BUY, 2 * ONE, null);
        Order entry = desk.place(Token.SOL, Side.BUY, ONE, new BigDecimal(90));
        Order another = desk.place(Token.SOL, Side.BUY, ONE, new BigDecimal(80));
        Order protection = desk.place(Token.SOL, Side.SELL, ONE, new BigDecimal(200));
        node.cancelFailures.set(3);

        desk.cancelEntries();

        assertThat(desk.order(entry.id()).status()).isEqualTo(Status.CANCELLED);
        assertThat(desk.order(another.id()).status()).isEqualTo(Status.CANCELLED);
        assertThat(desk.order(protection.id()).status()).isEqualTo(Status.RESTING);
        assertThat(portfolio.view().reservedMicros()).isZero();
    }

    @Test
    void sell_saysWhatItTakesOffThePosition() {
        desk.place(Token.SOL, Side.BUY, 2 * ONE, null);
        desk.place(Token.SOL, Side.SELL, ONE, null);

        assertThat(node.reduced).containsExactly(Token.SOL.mint() + " " + ONE);
    }

    @Test
    void cancelThatFails_leavesTheOrderResting() {
        Order order = desk.place(Token.SOL, Side.BUY, ONE, BigDecimal.ONE);
        node.failure = () -> new NodeException("down");

        assertThatThrownBy(() -> desk.cancel(order.id())).hasMessage("down");

        assertThat(desk.order(order.id()).status()).isEqualTo(Status.RESTING);
    }

    @Test
    void failedSend_leavesCashAndPositionAsTheyWere() {
        node.failure = () -> new NodeException("down");

        assertThatThrownBy(() -> desk.place(Token.SOL, Side.BUY, ONE, null)).hasMessage("down");

        assertThat(desk.orders()).singleElement().extracting(Order::status).isEqualTo(Status.FAILED);
        Portfolio.View view = portfolio.view();
        assertThat(view.cashMicros()).isEqualTo(view.startMicros());
        assertThat(view.reservedMicros()).isZero();
    }

    @Test
    void unansweredSend_isSettledByAskingTheNode() {
        node.failure = () -> new NodeSilentException("silence");
        node.executesBeforeFailing = true;

        Order order = desk.place(Token.SOL, Side.BUY, ONE, null);
        assertThat(order.status()).isEqualTo(Status.UNKNOWN);
        assertThat(portfolio.view().reservedMicros()).isEqualTo(100_000_000);

        node.failure = null;
        desk.work();

        assertThat(desk.order(order.id()).status()).isEqualTo(Status.FILLED);
        assertThat(portfolio.view().fillCount()).isEqualTo(1);
        assertThat(portfolio.view().reconciles()).isTrue();
    }

    @Test
    void unansweredSend_failsOnceTheChainIsPastIt() {
        node.failure = () -> new NodeSilentException("silence");
        Order order = desk.place(Token.SOL, Side.BUY, ONE, null);
        node.failure = null;

        node.height = 100 + PaperNode.VALID_BLOCKS;
        desk.work();
        assertThat(desk.order(order.id()).status()).isEqualTo(Status.UNKNOWN);

        node.height = 101 + PaperNode.VALID_BLOCKS;
        desk.work();
        assertThat(desk.order(order.id()).status()).isEqualTo(Status.FAILED);
        assertThat(portfolio.view().reservedMicros()).isZero();
    }

    @Test
    void endedOrders_areForgottenInTheEnd() {
        for (int i = 0; i < OrderBook.ENDED_KEPT + 10; i++) {
            desk.place(Token.SOL, Side.BUY, 1_000_000, null);
        }

        assertThat(desk.orders()).hasSize(OrderBook.ENDED_KEPT);
        assertThat(portfolio.view().fillCount()).isEqualTo(OrderBook.ENDED_KEPT + 10);
    }

    @Test
    void manyThreadsAndFailures_portfolioReconcilesToTheNodesTransactions() throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        CountDownLatch done = new CountDownLatch(8);
        node.flaky = true;
        for (int t = 0; t < 8; t++) {
            Random random = new Random(t);
            threads.execute(() -> {
                for (int i = 0; i < 400; i++) {
                    act(random);
                    assertThat(portfolio.view().reconciles()).isTrue();
                }
                done.countDown();
            });
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        threads.shutdown();

        Portfolio.View view = portfolio.view();
        assertThat(view.reconciles()).isTrue();
        assertThat(view.fillCount()).isGreaterThan(100).isEqualTo(node.executed.size());
        assertThat(view.reservedMicros()).isZero();
        assertThat(view.positions().values()).allMatch(position -> position.reserved() == 0);
    }

    private void act(Random random) {
        try {
            Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
            desk.place(Token.SOL, side, 1_000_000 + random.nextInt(2_000_000_000), null);
        } catch (OrderRejectedException | NodeException e) {
            // Either may happen; neither may leave a trace in the portfolio.
        }
    }

    /** A node in memory: a dollar price for any quantity, and sends that can fail. */
    private static final class PaperNode implements QuoteService, Transactions, Trader {
        private static final String BLOCKHASH = Base58.encode(new byte[32]);
        private static final int VALID_BLOCKS = 10;

        private final Queue<String> reduced = new ConcurrentLinkedQueue<>();
        private final AtomicInteger cancelFailures = new AtomicInteger();

        private final Keypair key = Keypair.generate();

        private final Set<String> executed = ConcurrentHashMap.newKeySet();
        private volatile long micros = 100_000_000;
        private final AtomicInteger quotes = new AtomicInteger();
        private volatile Supplier<RuntimeException> failure;
        private volatile boolean executesBeforeFailing;
        private volatile boolean flaky;
        private volatile long height = 100;

        @Override
        public Quote toBuy(Token token, long units) {
            quotes.incrementAndGet();
            return new Quote(token, Side.BUY, units, units * (micros / 1000) / 1_000_000, 1, MissingNode.getInstance());
        }

        @Override
        public Quote toSell(Token token, long units) {
            quotes.incrementAndGet();
            return new Quote(
                    token, Side.SELL, units, units * (micros / 1000) / 1_000_000, 1, MissingNode.getInstance());
        }

        @Override
        public Prepared swap(String orderId, Quote quote) {
            return prepared("swap " + orderId);
        }

        @Override
        public Prepared place(String orderId, Side side) {
            return prepared("place " + orderId);
        }

        @Override
        public Prepared cancel(String orderId) {
            return prepared("cancel " + orderId);
        }

        private Prepared prepared(String memo) {
            return new Prepared(SignedTransaction.sign(key, BLOCKHASH, memo), height + VALID_BLOCKS);
        }

        @Override
        public long slot() {
            return height;
        }

        @Override
        public long blockHeight() {
            return height;
        }

        @Override
        public void open(SignedTransaction transaction) {
            send(transaction, true);
        }

        @Override
        public void reduce(SignedTransaction transaction, String mint, long units) {
            reduced.add(mint + " " + units);
            send(transaction, true);
        }

        @Override
        public void cancel(SignedTransaction transaction) {
            if (cancelFailures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new NodeException("no cancel yet");
            }
            send(transaction, false);
        }

        @Override
        public boolean isExecuted(String signature) {
            return executed.contains(signature);
        }

        private void send(SignedTransaction transaction, boolean isSwap) {
            Supplier<RuntimeException> fails = failure;
            if (flaky && transaction.signature().hashCode() % 5 == 0) {
                throw new NodeException("flaky");
            }
            if (isSwap && (fails == null || executesBeforeFailing)) {
                executed.add(transaction.signature());
            }
            if (fails != null) {
                throw fails.get();
            }
        }
    }
}

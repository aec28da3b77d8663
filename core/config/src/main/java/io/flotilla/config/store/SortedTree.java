package io.flotilla.config.store;

import java.util.AbstractCollection;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map that never changes: a change gives another map, which shares all but the path to the changed entry. So
 * a change costs the logarithm of the size, in time and in memory, and whoever holds the map before it may read on.
 * Balanced by height (AVL).
 */
public final class SortedTree<K extends Comparable<? super K>, V> {
    private static final SortedTree<?, ?> EMPTY = new SortedTree<>(null);

    private final @Nullable Node<K, V> root;

    private SortedTree(@Nullable Node<K, V> root) {
        this.root = root;
    }

    /** The map without entries. */
    @SuppressWarnings("unchecked") // it holds nothing
    public static <K extends Comparable<? super K>, V> SortedTree<K, V> empty() {
        return (SortedTree<K, V>) EMPTY;
    }

    private record Node<K, V>(
            K key,
            V value,
            @Nullable Node<K, V> left,
            @Nullable Node<K, V> right,
            int height,
            int size) {
        static <K, V> Node<K, V> of(K key, V value, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
            int height = 1 + Math.max(tall(left), tall(right));
            return new Node<>(key, value, left, right, height, 1 + count(left) + count(right));
        }

        static int tall(@Nullable Node<?, ?> node) {
            return node == null ? 0 : node.height;
        }

        static int count(@Nullable Node<?, ?> node) {
            return node == null ? 0 : node.size;
        }
    }

    public int size() {
        return Node.count(root);
    }

    public boolean isEmpty() {
        return root == null;
    }

    /** The longest way to an entry. */
    int height() {
        return Node.tall(root);
    }

    /** The value of a key; null where it has none. */
    public @Nullable V get(K key) {
        Node<K, V> node = root;
        while (node != null) {
            int order = key.compareTo(node.key());
            if (order == 0) {
                return node.value();
            }
            node = order < 0 ? node.left() : node.right();
        }
        return null;
    }

    public boolean contains(K key) {
        return get(key) != null;
    }

    /** This map with one entry more, or another value. */
    public SortedTree<K, V> with(K key, V value) {
        return new SortedTree<>(put(root, key, value));
    }

    /** This map without a key; this very map where it has none. */
    public SortedTree<K, V> without(K key) {
        return contains(key) ? new SortedTree<>(remove(root, key)) : this;
    }

    /** All entries in the order of keys. */
    public void forEach(BiConsumer<? super K, ? super V> action) {
        Iterator<Node<K, V>> nodes = new InOrder<>(root);
        while (nodes.hasNext()) {
            Node<K, V> node = nodes.next();
            action.accept(node.key(), node.value());
        }
    }

    /** All values in the order of keys, as a view. */
    public Collection<V> values() {
        return new View<>(Node::value);
    }

    /** All keys, sorted, as a view. */
    public Collection<K> keys() {
        return new View<>(Node::key);
    }

    /** Keys that are not before this one, sorted, as a view. */
    public Iterable<K> keysFrom(K least) {
        return () -> iterator(InOrder.from(root, least), Node::key);
    }

    private static <K, V, T> Iterator<T> iterator(Iterator<Node<K, V>> nodes, Function<Node<K, V>, T> part) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return nodes.hasNext();
            }

            @Override
            public T next() {
                return part.apply(nodes.next());
            }
        };
    }

    private static <K extends Comparable<? super K>, V> Node<K, V> put(@Nullable Node<K, V> node, K key, V value) {
        if (node == null) {
            return Node.of(key, value, null, null);
        }
        int order = key.compareTo(node.key());
        if (order == 0) {
            return Node.of(key, value, node.left(), node.right());
        }
        return order < 0
                ? balanced(node, put(node.left(), key, value), node.right())
                : balanced(node, node.left(), put(node.right(), key, value));
    }

    private static <K extends Comparable<? super K>, V> @Nullable Node<K, V> remove(@Nullable Node<K, V> node, K key) {
        if (node == null) {
            return null;
        }
        int order = key.compareTo(node.key());
        if (order != 0) {
            return order < 0
                    ? balanced(node, remove(node.left(), key), node.right())
                    : balanced(node, node.left(), remove(node.right(), key));
        }
        Node<K, V> left = node.left();
        Node<K, V> right = node.right();
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        Node<K, V> next = first(right);
        return balanced(next, left, remove(right, next.key()));
    }

    private static <K, V> Node<K, V> first(Node<K, V> node) {
        Node<K, V> first = node;
        for (Node<K, V> left = node.left(); left != null; left = left.left()) {
            first = left;
        }
        return first;
    }

    /** An entry over two subtrees whose heights differ by two at most. */
    private static <K, V> Node<K, V> balanced(Node<K, V> entry, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        int lean = Node.tall(left) - Node.tall(right);
        if (left != null && lean > 1) {
            Node<K, V> inner = left.right();
            if (inner != null && inner.height() > Node.tall(left.left())) {
                return with(inner, with(left, left.left(), inner.left()), with(entry, inner.right(), right));
            }
            return with(left, left.left(), with(entry, inner, right));
        }
        if (right != null && lean < -1) {
            Node<K, V> inner = right.left();
            if (inner != null && inner.height() > Node.tall(right.right())) {
                return with(inner, with(entry, left, inner.left()), with(right, inner.right(), right.right()));
            }
            return with(right, with(entry, left, inner), right.right());
        }
        return with(entry, left, right);
    }

    private static <K, V> Node<K, V> with(Node<K, V> entry, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        return Node.of(entry.key(), entry.value(), left, right);
    }

    private final class View<T> extends AbstractCollection<T> {
        private final Function<Node<K, V>, T> part;

        View(Function<Node<K, V>, T> part) {
            this.part = part;
        }

        @Override
        public Iterator<T> iterator() {
            return SortedTree.iterator(new InOrder<>(root), part);
        }

        @Override
        public int size() {
            return SortedTree.this.size();
        }
    }

    private static final class InOrder<K, V> implements Iterator<Node<K, V>> {
        private final Deque<Node<K, V>> path = new ArrayDeque<>();

        InOrder(@Nullable Node<K, V> root) {
            descend(root);
        }

        /** From the first key that is not before the least. */
        static <K extends Comparable<? super K>, V> InOrder<K, V> from(@Nullable Node<K, V> root, K least) {
            InOrder<K, V> order = new InOrder<>(null);
            Node<K, V> node = root;
            while (node != null) {
                if (least.compareTo(node.key()) <= 0) {
                    order.path.push(node);
                    node = node.left();
                } else {
                    node = node.right();
                }
            }
            return order;
        }

        private void descend(@Nullable Node<K, V> from) {
            for (Node<K, V> node = from; node != null; node = node.left()) {
                path.push(node);
            }
        }

        @Override
        public boolean hasNext() {
            return !path.isEmpty();
        }

        @Override
        public Node<K, V> next() {
            if (path.isEmpty()) {
                throw new NoSuchElementException();
            }
            Node<K, V> node = path.pop();
            descend(node.right());
            return node;
        }
    }
}

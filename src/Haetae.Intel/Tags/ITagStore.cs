using Haetae.Intel.Sanctions;

namespace Haetae.Intel.Tags;

/// <summary>Where tags are kept. Facts are only ever added; each look-up takes many subjects at once.</summary>
public interface ITagStore : IDisposable
{
    /// <summary>The facts about each subject, in its order; an empty list where nothing is known.</summary>
    /// <param name="subjects">Addresses or transaction ids, in any usual spelling.</param>
    IReadOnlyList<TagFact>[] FindTags(IReadOnlyList<string> subjects);

    /// <summary>Every address or transaction that a tag or a list of sanctions speaks of, each once, in no order: half a million take some 50 MB.</summary>
    IReadOnlyList<string> Subjects();

    /// <summary>What is known of each actor, in its order, the newest fact last.</summary>
    IReadOnlyList<ActorRow>[] FindActors(IReadOnlyList<string> actors);

    /// <summary>All that is known of all actors, by their ids, the newest fact of each last.</summary>
    IEnumerable<ActorRow> Actors();

    /// <summary>The packs, by title, with how much of each is held.</summary>
    IReadOnlyList<PackCount> Packs();

    /// <summary>The tags of a pack, in the order they came; read as they are asked for.</summary>
    /// <param name="pack"><see cref="PackCount.Id"/>.</param>
    IEnumerable<TagFact> TagsOf(long pack);

    /// <summary>The actors of a pack, in the order they came.</summary>
    IEnumerable<ActorRow> ActorsOf(long pack);

    /// <summary>The tags by which an address stands for its whole cluster, in the order they came; read as they are asked for.</summary>
    /// <param name="network">The chain, as packs abbreviate it (<c>BTC</c>).</param>
    IEnumerable<TagFact> ClusterTags(string network);

    /// <summary>How many tags name each actor, in the order of the ids that were asked.</summary>
    long[] CountTagsOfActors(IReadOnlyList<string> actors);

    /// <summary>For each address, what is known of its coming onto lists of sanctions and leaving them, in the order it came here.</summary>
    IReadOnlyList<SanctionFact>[] FindSanctions(IReadOnlyList<string> subjects);

    /// <summary>How many facts about sanctions each source gave.</summary>
    IReadOnlyList<SanctionSource> SanctionSources();

    /// <summary>The days for which lists of sanctions are held; null: none are.</summary>
    SanctionCover? SanctionCover();

    /// <summary>Begins to add facts.</summary>
    ITagIntake Add(TagImportNote note);
}

/// <summary>Facts on their way into a store. What was not saved when it is disposed of is not added.</summary>
public interface ITagIntake : IDisposable
{
    /// <summary>Takes a fact; whether the store holds this very fact already is told by <see cref="Save"/>.</summary>
    void Add(in TagRow row);

    /// <inheritdoc cref="Add(in TagRow)"/>
    void Add(ActorRow actor);

    /// <inheritdoc cref="Add(in TagRow)"/>
    void Add(SanctionFact fact);

    /// <inheritdoc cref="Add(in TagRow)"/>
    void Add(Retraction retraction);

    /// <summary>Keeps what was taken since the last save: all of it, or on a failure none of it.</summary>
    /// <returns>How much of it the store did not hold before.</returns>
    AddedFacts Save();
}

/// <summary>How many facts were new to a store.</summary>
public readonly record struct AddedFacts(long Tags, long Actors, long Sanctions, long Retractions);

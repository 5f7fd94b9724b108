namespace Haetae.Tracing.Policies;

/// <summary>A policy that lines up the pieces of the inputs and fills each output from one end of the line; what stays is the fee.</summary>
/// <remarks>Implemented by empty structs: the walk is compiled once for each, with these members inlined.</remarks>
internal interface ILinePolicy
{
    static abstract Policy Policy { get; }

    /// <summary>True when outputs are filled from the back of the line, false when from its front.</summary>
    static abstract bool FromBack { get; }
}
